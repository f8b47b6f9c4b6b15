ALTER TABLE region ADD FOREIGN KEY (area_code) REFERENCES sales_area (code);
ALTER TABLE team ADD FOREIGN KEY (area_code) REFERENCES sales_area (code);
ALTER TABLE salesperson ADD UNIQUE (employee_no), ADD FOREIGN KEY (team_id) REFERENCES team (id);
ALTER TABLE target ADD FOREIGN KEY (salesperson_id) REFERENCES salesperson (id);
ALTER TABLE product ADD UNIQUE (code), ADD FOREIGN KEY (category_code) REFERENCES category (code);
ALTER TABLE customer
    ADD UNIQUE (code),
    ADD INDEX customer_updated_at (updated_at),
    ADD FOREIGN KEY (region_code) REFERENCES region (code);
ALTER TABLE orders
    ADD INDEX orders_ordered_at (ordered_at),
    ADD INDEX orders_customer (customer_id, ordered_at),
    ADD INDEX orders_salesperson (salesperson_id, ordered_at),
    ADD FOREIGN KEY (customer_id) REFERENCES customer (id),
    ADD FOREIGN KEY (salesperson_id) REFERENCES salesperson (id),
    ADD FOREIGN KEY (region_code) REFERENCES region (code),
    ADD FOREIGN KEY (channel_code) REFERENCES channel (code);
ALTER TABLE order_line
    ADD FOREIGN KEY (order_id) REFERENCES orders (id),
    ADD FOREIGN KEY (product_id) REFERENCES product (id);
ALTER TABLE refund
    ADD INDEX refund_refunded_at (refunded_at),
    ADD INDEX refund_order (order_id),
    ADD FOREIGN KEY (order_id) REFERENCES orders (id),
    ADD FOREIGN KEY (reason_code) REFERENCES refund_reason (code),
    ADD FOREIGN KEY (handled_by) REFERENCES salesperson (id);
