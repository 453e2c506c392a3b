"""What takes longer than an answer may: asked for at an edge, done by a worker that may be killed,
and told of meanwhile."""
