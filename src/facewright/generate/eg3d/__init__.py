"""EG3D from its published weights, in plain PyTorch: faces that can be seen from elsewhere."""
