"""What goes in and out, field by field. A test fails when a field of the domain is forgotten."""
