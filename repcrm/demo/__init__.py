"""The demo company, built through the services, the same every time."""
