"""What a person is told about a file that cannot be read."""

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.reading.limits import Refused

REFUSALS = {
    "empty": N_("The file is empty."),
    "a password": N_(
        "The workbook is protected by a password. Open it in Excel, remove the password (File, Info, Protect "
        "Workbook) and save it again."
    ),
    "damaged": N_("The file is damaged or was not copied completely. Open it in Excel and save it again as .xlsx."),
    "damaged xls": N_(
        "This looks like an old Excel workbook (.xls), but it is damaged or was not copied completely. Open it in "
        "Excel and save it again as .xlsx."
    ),
    "damaged xlsb": N_(
        "This looks like a binary Excel workbook (.xlsb), but it is damaged or was not copied completely. Open it in "
        "Excel and save it again as .xlsx."
    ),
    "damaged ods": N_(
        "This looks like an OpenDocument spreadsheet (.ods), but it is damaged or was not copied completely. Open it "
        "in LibreOffice and save it again as .xlsx."
    ),
    "damaged web page": N_(
        "This is a web page saved as a workbook, but some of its text is damaged. Open it in Excel and save it again "
        "as .xlsx."
    ),
    "damaged xml2003": N_(
        "This is an Excel 2003 XML file, but it is damaged or was not copied completely. Open it in Excel and save it "
        "again as .xlsx."
    ),
    "a very old workbook": N_(
        "This workbook comes from an Excel older than 97 and cannot be read. Open it in Excel and save it again as "
        ".xlsx."
    ),
    "pdf": N_("This is a PDF, a picture of a table. Ask the sender for the Excel workbook or the .csv file."),
    "a picture": N_("This is a picture. Ask the sender for the Excel workbook or the .csv file."),
    "packed": N_("This is an archive, but not an Excel workbook. Unpack it and upload the .xlsx or .csv file inside."),
    "a locked archive": N_("This archive is protected by a password. Unpack it and upload the workbook inside."),
    "a document": N_(
        "This is a text document (Word), not a table. Copy the table into Excel and save it as .xlsx, or ask the "
        "sender for the workbook."
    ),
    "a presentation": N_("This is a presentation (PowerPoint), not a table. Ask the sender for the workbook."),
    "numbers": N_("This is an Apple Numbers document. Export it from Numbers as Excel (.xlsx)."),
    "a web page": N_(
        "This is a web page without a table. Export the data from the distributor's system again, as Excel or .csv."
    ),
    "a sign-in page": N_(
        "This is a sign-in page, not the table: whoever downloaded it was no longer signed in. Sign in to the "
        "distributor's system and download the file again."
    ),
    "a web archive": N_("This is a web archive (.mht). Open it in Excel and save it as .xlsx."),
    "other xml": N_("This is an XML file, but not an Excel table. Upload an Excel workbook (.xlsx) or a .csv file."),
    "not a table": N_("This is not a table. Upload an Excel workbook (.xlsx) or a text file with commas (.csv)."),
    "entities": N_(
        "The file defines XML entities, which no Excel workbook does. It was not opened, because such files can bring "
        "a computer to a halt."
    ),
    "too deep": N_(
        "The XML in the file is nested more than %(most)s levels deep, which no table is, so it was not read."
    ),
    "too much inside": N_("The file unpacks to more than %(megabytes)s MB, so it was not opened. Split it."),
    "a bomb": N_(
        "The file unpacks to more than %(times)s times its size, far more than any table does, so it was not opened."
    ),
    "too many parts": N_("The workbook contains more than %(most)s files, so it was not opened."),
    "too many sheets": N_("The workbook has more than %(most)s sheets. Delete those that are not needed, or split it."),
    "too many rows": N_("A sheet has more than %(most)s rows. Split it."),
    "too many columns": N_(
        "Row %(row)s has more than %(most)s columns. Delete the columns that are not needed in Excel."
    ),
    "too many cells": N_("The file has more than %(most)s cells. Split it, or delete columns that are not needed."),
    "too many empty rows": N_(
        "There are more than %(most)s empty rows above row %(row)s. Delete the empty rows in Excel, or whatever is "
        "left in row %(row)s."
    ),
    "cell too long": N_("Row %(row)s, column %(column)s: the cell has more than %(most)s characters."),
    "line too long": N_("A line of the file has more than %(most)s characters, so this is not a table."),
    "part too large": N_("A single row or cell of the file takes more than %(megabytes)s MB, so it was not read."),
    "open quote": N_(
        'Row %(row)s, column %(column)s: a quotation mark (") opens here and does not close at the end of the cell, so '
        "the rows below cannot be told apart. Delete it or close it, and upload the file again."
    ),
    "stray quote": N_(
        'Row %(row)s, column %(column)s: a quotation mark (") opens here and closes only in a later row, so whole rows '
        "would disappear in one cell. Delete it, or the line breaks in the cell, and upload the file again."
    ),
    "broken text": N_(
        "The text is UTF-8, but line %(row)s contains characters that are not. Export the file again; correcting it "
        "by hand would be a guess."
    ),
    "unknown encoding": N_(
        "The encoding of the text is not known (neither UTF-8, UTF-16, GB18030 nor Big5). Open the file in Excel and "
        "save it as .xlsx."
    ),
    "memory": N_(
        "Reading the file took more than %(megabytes)s MB of memory, so it was stopped. Delete empty rows and columns "
        "in Excel, or split the file."
    ),
    "time": N_(
        "Reading the file took more than %(seconds)s seconds, so it was stopped. Delete empty rows and columns in "
        "Excel, or split the file."
    ),
}
"""Word of the reader -> sentence."""


def told(refusal: Refused) -> BadInput:
    """What a person is told."""
    return BadInput(REFUSALS[refusal.word], field="file", **refusal.params)
