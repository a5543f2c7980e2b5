"""How documents are reprinted, and the sizes of stickers and labels"""
import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'

CHOICES = (("reprints", "plain"), ("verification_sticker_mm", "25x35"), ("calibration_sticker_mm", "45x28"),
           ("standard_label_mm", "56x30"), ("item_label_mm", "60x30"), ("label_dpi", "300"))


def upgrade() -> None:
    for name, usual in CHOICES:
        op.add_column('organisation', sa.Column(name, sa.Text(), nullable=False, server_default=usual))
