"""The index of an object's words holds the words: a list filtered by a common word reads them there"""
from alembic import op

revision = '0043'
down_revision = '0042'


def upgrade() -> None:
    op.drop_index('ix_search_word_object', table_name='search_word')
    op.create_index('ix_search_word_object', 'search_word', ['kind', 'object_id', 'word'])
