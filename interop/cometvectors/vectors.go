package main

func wireVectors() any { return map[string]any{} }
