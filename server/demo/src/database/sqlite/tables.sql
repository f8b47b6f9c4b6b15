-- The demo shop. Amounts are won; wall times are Asia/Seoul; every statement also suits an eye new to the shop.

CREATE TABLE sales_area (
    code     TEXT PRIMARY KEY NOT NULL,
    name     TEXT NOT NULL,
    name_en  TEXT NOT NULL,
    position INTEGER NOT NULL
);

CREATE TABLE region (
    code      TEXT PRIMARY KEY NOT NULL,
    area_code TEXT NOT NULL REFERENCES sales_area (code),
    name      TEXT NOT NULL,
    name_en   TEXT NOT NULL,
    position  INTEGER NOT NULL
);

CREATE TABLE channel (
    code     TEXT PRIMARY KEY NOT NULL,
    name     TEXT NOT NULL,
    name_en  TEXT NOT NULL,
    position INTEGER NOT NULL
);

CREATE TABLE team (
    id        INTEGER PRIMARY KEY NOT NULL,
    area_code TEXT NOT NULL REFERENCES sales_area (code),
    name      TEXT NOT NULL,
    name_en   TEXT NOT NULL
);

CREATE TABLE salesperson (
    id          INTEGER PRIMARY KEY NOT NULL,
    employee_no TEXT NOT NULL UNIQUE,
    team_id     INTEGER NOT NULL REFERENCES team (id),
    name        TEXT NOT NULL,
    name_en     TEXT,
    email       TEXT NOT NULL,
    hired_on    DATE NOT NULL,
    left_on     DATE
);

-- What a sales person is to sell in a month; month is its first day.
CREATE TABLE target (
    salesperson_id INTEGER NOT NULL REFERENCES salesperson (id),
    month          DATE NOT NULL,
    amount         DECIMAL(14, 2) NOT NULL,
    PRIMARY KEY (salesperson_id, month)
);

CREATE TABLE category (
    code     TEXT PRIMARY KEY NOT NULL,
    name     TEXT NOT NULL,
    name_en  TEXT NOT NULL,
    position INTEGER NOT NULL
);

CREATE TABLE product (
    id            INTEGER PRIMARY KEY NOT NULL,
    code          TEXT NOT NULL UNIQUE,
    category_code TEXT NOT NULL REFERENCES category (code),
    name          TEXT NOT NULL,
    name_en       TEXT,
    barcode       TEXT NOT NULL,
    list_price    DECIMAL(12, 2) NOT NULL,
    unit_cost     DECIMAL(12, 2) NOT NULL,
    launched_on   DATE NOT NULL,
    ended_on      DATE,
    description   TEXT
);

CREATE TABLE customer (
    id                INTEGER PRIMARY KEY NOT NULL,
    code              TEXT NOT NULL UNIQUE,
    name              TEXT NOT NULL,
    name_en           TEXT,
    kind              TEXT NOT NULL,
    grade             TEXT,
    region_code       TEXT NOT NULL REFERENCES region (code),
    phone             TEXT,
    email             TEXT,
    business_no       TEXT,
    external_no       TEXT,
    marketing_consent BOOLEAN,
    credit_limit      DECIMAL(14, 2),
    memo              TEXT,
    joined_on         DATE NOT NULL,
    updated_at        DATETIME NOT NULL
);

-- total_amount is what the customer pays: goods less discount, cut to whole won, plus shipping.
CREATE TABLE orders (
    id              INTEGER PRIMARY KEY NOT NULL,
    order_no        TEXT NOT NULL,
    ordered_at      DATETIME NOT NULL,
    customer_id     INTEGER NOT NULL REFERENCES customer (id),
    salesperson_id  INTEGER REFERENCES salesperson (id),
    region_code     TEXT NOT NULL REFERENCES region (code),
    channel_code    TEXT NOT NULL REFERENCES channel (code),
    status          TEXT NOT NULL,
    goods_amount    DECIMAL(14, 2) NOT NULL,
    discount_amount DECIMAL(12, 2) NOT NULL,
    shipping_fee    DECIMAL(10, 2) NOT NULL,
    total_amount    DECIMAL(14, 2) NOT NULL,
    coupon_code     TEXT,
    is_gift         BOOLEAN NOT NULL,
    paid_at         DATETIME,
    memo            TEXT
);

-- discount_rate is in percent; amount is quantity × unit_price less discount_amount.
CREATE TABLE order_line (
    order_id        INTEGER NOT NULL REFERENCES orders (id),
    line_no         INTEGER NOT NULL,
    product_id      INTEGER NOT NULL REFERENCES product (id),
    quantity        INTEGER NOT NULL,
    unit_price      DECIMAL(12, 2) NOT NULL,
    discount_rate   DECIMAL(5, 2) NOT NULL,
    discount_amount DECIMAL(12, 2) NOT NULL,
    amount          DECIMAL(14, 2) NOT NULL,
    PRIMARY KEY (order_id, line_no)
) WITHOUT ROWID;

CREATE TABLE refund_reason (
    code     TEXT PRIMARY KEY NOT NULL,
    name     TEXT NOT NULL,
    name_en  TEXT NOT NULL,
    position INTEGER NOT NULL
);

-- A refund names no reason when nobody asked the customer.
CREATE TABLE refund (
    id          INTEGER PRIMARY KEY NOT NULL,
    order_id    INTEGER NOT NULL REFERENCES orders (id),
    refunded_at DATETIME NOT NULL,
    reason_code TEXT REFERENCES refund_reason (code),
    amount      DECIMAL(14, 2) NOT NULL,
    handled_by  INTEGER REFERENCES salesperson (id),
    note        TEXT
);

-- What this database is; one row.
CREATE TABLE demo_shop (
    version    INTEGER NOT NULL,
    first_day  DATE NOT NULL,
    end_day    DATE NOT NULL,
    orders     INTEGER NOT NULL,
    lines      INTEGER NOT NULL,
    customers  INTEGER NOT NULL,
    refunds    INTEGER NOT NULL
);
