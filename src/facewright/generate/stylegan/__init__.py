"""StyleGAN2 and StyleGAN3 from their published weights, in plain PyTorch."""
