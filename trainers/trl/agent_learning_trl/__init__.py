"""Trains LoRA adapters with TRL, run by files in a folder: see README.md."""
