"""What each hospital should sell, and how it is divided among its doctors."""
