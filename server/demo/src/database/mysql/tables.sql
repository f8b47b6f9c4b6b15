-- The demo shop in MySQL and MariaDB. Amounts are won; times are wall times in Asia/Seoul, so they are no TIMESTAMP.
-- Texts are compared by their bytes, as in the other databases. Rows lie in the order of the primary key, so that key is
-- declared at once.

CREATE TABLE demo_shop (
    version    BIGINT NOT NULL,
    first_day  DATE NOT NULL,
    end_day    DATE NOT NULL,
    orders     BIGINT NOT NULL,
    `lines`    BIGINT NOT NULL,
    customers  BIGINT NOT NULL,
    refunds    BIGINT NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE sales_area (
    code     VARCHAR(20) NOT NULL,
    name     VARCHAR(60) NOT NULL,
    name_en  VARCHAR(60) NOT NULL,
    position INT NOT NULL,
    PRIMARY KEY (code)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE region (
    code      VARCHAR(10) NOT NULL,
    area_code VARCHAR(20) NOT NULL,
    name      VARCHAR(60) NOT NULL,
    name_en   VARCHAR(60) NOT NULL,
    position  INT NOT NULL,
    PRIMARY KEY (code)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE channel (
    code     VARCHAR(20) NOT NULL,
    name     VARCHAR(60) NOT NULL,
    name_en  VARCHAR(60) NOT NULL,
    position INT NOT NULL,
    PRIMARY KEY (code)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE team (
    id        INT NOT NULL,
    area_code VARCHAR(20) NOT NULL,
    name      VARCHAR(60) NOT NULL,
    name_en   VARCHAR(60) NOT NULL,
    PRIMARY KEY (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE salesperson (
    id          INT NOT NULL,
    employee_no VARCHAR(10) NOT NULL,
    team_id     INT NOT NULL,
    name        VARCHAR(60) NOT NULL,
    name_en     VARCHAR(60),
    email       VARCHAR(120) NOT NULL,
    hired_on    DATE NOT NULL,
    left_on     DATE,
    PRIMARY KEY (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What a sales person is to sell in a month; month is its first day.
CREATE TABLE target (
    salesperson_id INT NOT NULL,
    month          DATE NOT NULL,
    amount         DECIMAL(14, 2) NOT NULL,
    PRIMARY KEY (salesperson_id, month)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE category (
    code     VARCHAR(20) NOT NULL,
    name     VARCHAR(60) NOT NULL,
    name_en  VARCHAR(60) NOT NULL,
    position INT NOT NULL,
    PRIMARY KEY (code)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE product (
    id            INT NOT NULL,
    code          VARCHAR(10) NOT NULL,
    category_code VARCHAR(20) NOT NULL,
    name          VARCHAR(255) NOT NULL,
    name_en       VARCHAR(255),
    barcode       VARCHAR(20) NOT NULL,
    list_price    DECIMAL(12, 2) NOT NULL,
    unit_cost     DECIMAL(12, 2) NOT NULL,
    launched_on   DATE NOT NULL,
    ended_on      DATE,
    description   TEXT,
    PRIMARY KEY (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE customer (
    id                BIGINT NOT NULL,
    code              VARCHAR(20) NOT NULL,
    name              VARCHAR(300) NOT NULL,
    name_en           VARCHAR(300),
    kind              VARCHAR(10) NOT NULL,
    grade             VARCHAR(10),
    region_code       VARCHAR(10) NOT NULL,
    phone             VARCHAR(30),
    email             VARCHAR(120),
    business_no       VARCHAR(20),
    external_no       VARCHAR(30),
    marketing_consent BOOLEAN,
    credit_limit      DECIMAL(14, 2),
    memo              MEDIUMTEXT,
    joined_on         DATE NOT NULL,
    updated_at        DATETIME NOT NULL,
    PRIMARY KEY (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- total_amount is what the customer pays: goods less discount, cut to whole won, plus shipping.
CREATE TABLE orders (
    id              BIGINT NOT NULL,
    order_no        VARCHAR(20) NOT NULL,
    ordered_at      DATETIME NOT NULL,
    customer_id     BIGINT NOT NULL,
    salesperson_id  INT,
    region_code     VARCHAR(10) NOT NULL,
    channel_code    VARCHAR(20) NOT NULL,
    status          VARCHAR(10) NOT NULL,
    goods_amount    DECIMAL(14, 2) NOT NULL,
    discount_amount DECIMAL(12, 2) NOT NULL,
    shipping_fee    DECIMAL(10, 2) NOT NULL,
    total_amount    DECIMAL(14, 2) NOT NULL,
    coupon_code     VARCHAR(20),
    is_gift         BOOLEAN NOT NULL,
    paid_at         DATETIME,
    memo            MEDIUMTEXT,
    PRIMARY KEY (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- discount_rate is in percent; amount is quantity × unit_price less discount_amount.
CREATE TABLE order_line (
    order_id        BIGINT NOT NULL,
    line_no         INT NOT NULL,
    product_id      INT NOT NULL,
    quantity        INT NOT NULL,
    unit_price      DECIMAL(12, 2) NOT NULL,
    discount_rate   DECIMAL(5, 2) NOT NULL,
    discount_amount DECIMAL(12, 2) NOT NULL,
    amount          DECIMAL(14, 2) NOT NULL,
    PRIMARY KEY (order_id, line_no)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE refund_reason (
    code     VARCHAR(20) NOT NULL,
    name     VARCHAR(60) NOT NULL,
    name_en  VARCHAR(60) NOT NULL,
    position INT NOT NULL,
    PRIMARY KEY (code)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- A refund names no reason when nobody asked the customer.
CREATE TABLE refund (
    id          BIGINT NOT NULL,
    order_id    BIGINT NOT NULL,
    refunded_at DATETIME NOT NULL,
    reason_code VARCHAR(20),
    amount      DECIMAL(14, 2) NOT NULL,
    handled_by  INT,
    note        TEXT,
    PRIMARY KEY (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
