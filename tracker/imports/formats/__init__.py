"""The formats of import files. To add one, write a module and list it in `recognise`. Any other
table is read by `generic`, with a mapping."""
