"""Scripts that make the bundle and put it on AWS. Nothing here ships."""
