"""What a teacher uses: exercises with solutions, hidden tests and typical wrong answers."""
