-- The demo shop in PostgreSQL. Amounts are won; times are wall times in Asia/Seoul, so they name no zone.

CREATE TABLE demo_shop (
    version    bigint NOT NULL,
    first_day  date NOT NULL,
    end_day    date NOT NULL,
    orders     bigint NOT NULL,
    lines      bigint NOT NULL,
    customers  bigint NOT NULL,
    refunds    bigint NOT NULL
);

CREATE TABLE sales_area (
    code     varchar(20) NOT NULL,
    name     varchar(60) NOT NULL,
    name_en  varchar(60) NOT NULL,
    position integer NOT NULL
);

CREATE TABLE region (
    code      varchar(10) NOT NULL,
    area_code varchar(20) NOT NULL,
    name      varchar(60) NOT NULL,
    name_en   varchar(60) NOT NULL,
    position  integer NOT NULL
);

CREATE TABLE channel (
    code     varchar(20) NOT NULL,
    name     varchar(60) NOT NULL,
    name_en  varchar(60) NOT NULL,
    position integer NOT NULL
);

CREATE TABLE team (
    id        integer NOT NULL,
    area_code varchar(20) NOT NULL,
    name      varchar(60) NOT NULL,
    name_en   varchar(60) NOT NULL
);

CREATE TABLE salesperson (
    id          integer NOT NULL,
    employee_no varchar(10) NOT NULL,
    team_id     integer NOT NULL,
    name        varchar(60) NOT NULL,
    name_en     varchar(60),
    email       varchar(120) NOT NULL,
    hired_on    date NOT NULL,
    left_on     date
);

-- What a sales person is to sell in a month; month is its first day.
CREATE TABLE target (
    salesperson_id integer NOT NULL,
    month          date NOT NULL,
    amount         numeric(14, 2) NOT NULL
);

CREATE TABLE category (
    code     varchar(20) NOT NULL,
    name     varchar(60) NOT NULL,
    name_en  varchar(60) NOT NULL,
    position integer NOT NULL
);

CREATE TABLE product (
    id            integer NOT NULL,
    code          varchar(10) NOT NULL,
    category_code varchar(20) NOT NULL,
    name          varchar(255) NOT NULL,
    name_en       varchar(255),
    barcode       varchar(20) NOT NULL,
    list_price    numeric(12, 2) NOT NULL,
    unit_cost     numeric(12, 2) NOT NULL,
    launched_on   date NOT NULL,
    ended_on      date,
    description   text
);

CREATE TABLE customer (
    id                bigint NOT NULL,
    code              varchar(20) NOT NULL,
    name              varchar(300) NOT NULL,
    name_en           varchar(300),
    kind              varchar(10) NOT NULL,
    grade             varchar(10),
    region_code       varchar(10) NOT NULL,
    phone             varchar(30),
    email             varchar(120),
    business_no       varchar(20),
    external_no       varchar(30),
    marketing_consent boolean,
    credit_limit      numeric(14, 2),
    memo              text,
    joined_on         date NOT NULL,
    updated_at        timestamp(0) NOT NULL
);

-- total_amount is what the customer pays: goods less discount, cut to whole won, plus shipping.
CREATE TABLE orders (
    id              bigint NOT NULL,
    order_no        varchar(20) NOT NULL,
    ordered_at      timestamp(0) NOT NULL,
    customer_id     bigint NOT NULL,
    salesperson_id  integer,
    region_code     varchar(10) NOT NULL,
    channel_code    varchar(20) NOT NULL,
    status          varchar(10) NOT NULL,
    goods_amount    numeric(14, 2) NOT NULL,
    discount_amount numeric(12, 2) NOT NULL,
    shipping_fee    numeric(10, 2) NOT NULL,
    total_amount    numeric(14, 2) NOT NULL,
    coupon_code     varchar(20),
    is_gift         boolean NOT NULL,
    paid_at         timestamp(0),
    memo            text
);

-- discount_rate is in percent; amount is quantity × unit_price less discount_amount.
CREATE TABLE order_line (
    order_id        bigint NOT NULL,
    line_no         integer NOT NULL,
    product_id      integer NOT NULL,
    quantity        integer NOT NULL,
    unit_price      numeric(12, 2) NOT NULL,
    discount_rate   numeric(5, 2) NOT NULL,
    discount_amount numeric(12, 2) NOT NULL,
    amount          numeric(14, 2) NOT NULL
);

CREATE TABLE refund_reason (
    code     varchar(20) NOT NULL,
    name     varchar(60) NOT NULL,
    name_en  varchar(60) NOT NULL,
    position integer NOT NULL
);

-- A refund names no reason when nobody asked the customer.
CREATE TABLE refund (
    id          bigint NOT NULL,
    order_id    bigint NOT NULL,
    refunded_at timestamp(0) NOT NULL,
    reason_code varchar(20),
    amount      numeric(14, 2) NOT NULL,
    handled_by  integer,
    note        text
);
