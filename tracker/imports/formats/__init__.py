"""The formats on offer. To add one: write a module, list it in `recognition`. Any other table comes
in through `generic`, with a mapping."""
