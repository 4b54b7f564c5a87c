"""CelebA: attribute, landmark, identity and partition lists beside the pictures."""
