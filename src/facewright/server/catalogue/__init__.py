"""The faces of all served datasets as columns in memory."""
