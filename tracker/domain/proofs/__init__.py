"""Proofs about the log: its Merkle tree, its signed checkpoints, and how to verify them.

Plain Python, shared by the site and the stand-alone verifier.
"""
