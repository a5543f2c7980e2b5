"""What is measured and how: procedures, evaluation, recall and legal rules; no database, no web.

Entry points: `procedure.load_procedure`, `sheet.layout`, `guard.guard`, `evaluate.evaluate`, `library`, `run`,
`typed_number.parse_typed`, `recall`, `eligibility`, `traceability`, `kinds`, `legal`.
"""
