SET LOCAL maintenance_work_mem = '128MB';

ALTER TABLE sales_area ADD PRIMARY KEY (code);
ALTER TABLE region ADD PRIMARY KEY (code), ADD FOREIGN KEY (area_code) REFERENCES sales_area;
ALTER TABLE channel ADD PRIMARY KEY (code);
ALTER TABLE team ADD PRIMARY KEY (id), ADD FOREIGN KEY (area_code) REFERENCES sales_area;
ALTER TABLE salesperson ADD PRIMARY KEY (id), ADD UNIQUE (employee_no), ADD FOREIGN KEY (team_id) REFERENCES team;
ALTER TABLE target ADD PRIMARY KEY (salesperson_id, month), ADD FOREIGN KEY (salesperson_id) REFERENCES salesperson;
ALTER TABLE category ADD PRIMARY KEY (code);
ALTER TABLE product ADD PRIMARY KEY (id), ADD UNIQUE (code), ADD FOREIGN KEY (category_code) REFERENCES category;
ALTER TABLE customer ADD PRIMARY KEY (id), ADD UNIQUE (code), ADD FOREIGN KEY (region_code) REFERENCES region;
ALTER TABLE orders
    ADD PRIMARY KEY (id),
    ADD FOREIGN KEY (customer_id) REFERENCES customer,
    ADD FOREIGN KEY (salesperson_id) REFERENCES salesperson,
    ADD FOREIGN KEY (region_code) REFERENCES region,
    ADD FOREIGN KEY (channel_code) REFERENCES channel;
ALTER TABLE order_line
    ADD PRIMARY KEY (order_id, line_no),
    ADD FOREIGN KEY (order_id) REFERENCES orders,
    ADD FOREIGN KEY (product_id) REFERENCES product;
ALTER TABLE refund_reason ADD PRIMARY KEY (code);
ALTER TABLE refund
    ADD PRIMARY KEY (id),
    ADD FOREIGN KEY (order_id) REFERENCES orders,
    ADD FOREIGN KEY (reason_code) REFERENCES refund_reason,
    ADD FOREIGN KEY (handled_by) REFERENCES salesperson;

CREATE INDEX orders_ordered_at ON orders (ordered_at);
CREATE INDEX orders_customer ON orders (customer_id, ordered_at);
CREATE INDEX orders_salesperson ON orders (salesperson_id, ordered_at);
CREATE INDEX refund_refunded_at ON refund (refunded_at);
CREATE INDEX refund_order ON refund (order_id);
CREATE INDEX customer_updated_at ON customer (updated_at);
