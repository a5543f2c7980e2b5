"""How it is stated: from a frozen record of plain values to the printed, digital and checkable certificate.

document (the record, its bytes, digest and link) · completeness (what a record lacks) · numbering · wording ·
pdf (`render`) · dcc (`dcc_xml`) · verification (code, seal, address) · checking (verdict on a file) · labels, slips,
lists. Below them: layout (forms as data), certificate, work_record, sections, blocks, tables, figures, chart (what
stands on a page), flow (which page), sheet, typeset, fonts, structure, embedding, pdffile, archival (the file).
No database, no web, no clock.
"""
