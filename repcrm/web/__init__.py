"""Door of the browser: pages and forms."""
