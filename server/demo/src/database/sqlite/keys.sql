CREATE INDEX orders_ordered_at ON orders (ordered_at);
CREATE INDEX orders_customer ON orders (customer_id, ordered_at);
CREATE INDEX orders_salesperson ON orders (salesperson_id, ordered_at);
CREATE INDEX refund_refunded_at ON refund (refunded_at);
CREATE INDEX refund_order ON refund (order_id);
CREATE INDEX customer_updated_at ON customer (updated_at);
