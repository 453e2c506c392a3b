"""The charts of pairs and triangles as specs and pictures, for pages and for files of the desk."""
