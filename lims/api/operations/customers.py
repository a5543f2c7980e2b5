"""`/customers`: enterprises."""
from __future__ import annotations

from lims.api.form_schema import body_of
from lims.api.operation import (
    INSTANT,
    JSON,
    PAGE,
    TEXT,
    WHOLE,
    YES_NO,
    Operation,
    Schema,
    changing,
    creating,
    page_of,
    shape,
)
from lims.customers.forms import CustomerForm
from lims.customers.service import CUSTOMER_FIELDS

OPERATIONS = (
    Operation("get", "/customers", "customers:read", "Doanh nghiệp, mới nhất trước", "Customers, newest first", (
        ("q", "words of name, code or tax code"), ("sector", "code of a sector"), ("commune", "name of a commune"),
        ("active", "true, false"), *PAGE), answers=((JSON, "CustomerPage"),), refusals=(422,)),
    Operation("get", "/customers/{code}", "customers:read", "Một doanh nghiệp", "One customer",
              answers=((JSON, "Customer"),), refusals=(404,), tagged=True),
    creating("/customers", "customers:write", "Thêm doanh nghiệp", "A new customer", body="NewCustomer",
             answer="Customer", permission="customers.edit"),
    changing("/customers/{code}", "customers:write", "Sửa doanh nghiệp; chỉ gửi những trường thay đổi",
             "Change a customer; only the fields sent", body="CustomerChange", answer="Customer",
             permission="customers.edit"),
)
SCHEMAS: dict[str, Schema] = {
    "Customer": shape(**{"code": TEXT, **dict.fromkeys(CUSTOMER_FIELDS, TEXT), "active": YES_NO,
                         "created_at": INSTANT, "version": WHOLE, "url": TEXT}),
    "CustomerPage": page_of("Customer"),
}
BODIES = {"NewCustomer": body_of(CustomerForm), "CustomerChange": body_of(CustomerForm, partial=True)}
