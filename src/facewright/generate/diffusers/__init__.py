"""Generator `diffusers`: a user's own text-to-image pipeline in a local folder of safetensors."""
