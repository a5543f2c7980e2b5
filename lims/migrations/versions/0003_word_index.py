"""The word index, filled from the rows that stand there; items are found by their sticker"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from lims.shared.word_index import rows_for

revision = '0003'
down_revision = '0002'

AT_ONCE = 500


def upgrade() -> None:
    word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    index = op.create_table(
        'search_word',
        sa.Column('kind', word, nullable=False),
        sa.Column('word', word, nullable=False),
        sa.Column('object_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint('kind', 'word', 'object_id', name=op.f('pk_search_word')))
    op.create_index('ix_search_word_object', 'search_word', ['kind', 'object_id'])
    connection = op.get_bind()
    for kind in ("customer", "instrument", "standard", "certificate"):
        table, last = sa.table(kind, sa.column("id"), sa.column("search")), 0
        while rows := connection.execute(sa.select(table.c.id, table.c.search).where(table.c.id > last)
                                         .order_by(table.c.id).limit(AT_ONCE)).all():
            last = rows[-1].id
            if words := list(rows_for((kind, row.id, row.search) for row in rows)):
                connection.execute(sa.insert(index), words)
    op.create_index('ix_job_item_sticker', 'job_item', ['sticker'])
