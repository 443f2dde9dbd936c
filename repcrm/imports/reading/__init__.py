"""Reads a file into sheets of cells, alone in a child process: it imports nothing of the product but itself.

`__main__` is the script; `forms` tells what a file is; `xlsx`, `xls`, `ods`, `webpage`, `xml2003` and
`delimited` read one form each; `out` counts what they find against the limits and sends it to the parent.
"""
