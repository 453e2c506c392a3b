"""The resources. Each method reads what was sent, makes one call and writes what came back."""
