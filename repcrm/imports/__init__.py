"""Files of the back office: read, checked row by row, taken in all at once or not at all."""
