"""What any server of JSON and files needs: problems, gzip, HEAD, slow connections, threads."""
