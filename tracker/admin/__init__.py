"""The desk: where analysts enter claims. Nothing here edits a row; every act is an operation."""
