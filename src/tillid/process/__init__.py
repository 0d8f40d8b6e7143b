"""The rules of the method: who is who, who may do what, transitions, blindness."""
