-- Chance and check digits in whole numbers alone, so that every version of the database agrees.

-- 31 bits that follow from a number of 31 bits and the seed.
CREATE MACRO spun(x) AS (x * 1103515245 + 12345) & 2147483647;
CREATE MACRO blurred(x) AS xor(x, x >> 15);
CREATE MACRO chance(x) AS
    blurred(spun(blurred(spun(blurred(spun(xor(x, getvariable('seed')) & 2147483647))))));

-- Ticks as the decimals that they count.
CREATE MACRO decimal_of(ticks) AS
    CAST(CAST(ticks AS DECIMAL(12, 0)) * 0.0001::DECIMAL(4, 4) AS DECIMAL(12, 4));

-- GB 11714 and GB 32100-2015 for a region of six digits and a body of eight.
CREATE MACRO digit(x, power) AS (x // power) % 10;
CREATE MACRO inner_value(body) AS 11 - (
    3 * digit(body, 10000000) + 7 * digit(body, 1000000) + 9 * digit(body, 100000)
    + 10 * digit(body, 10000) + 5 * digit(body, 1000) + 8 * digit(body, 100)
    + 4 * digit(body, 10) + 2 * digit(body, 1)
) % 11;
CREATE MACRO outer_value(region, body, last) AS (31 - (
    7 + 9 * digit(region, 100000) + 27 * digit(region, 10000) + 19 * digit(region, 1000)
    + 26 * digit(region, 100) + 16 * digit(region, 10) + 17 * digit(region, 1)
    + 20 * digit(body, 10000000) + 29 * digit(body, 1000000) + 25 * digit(body, 100000)
    + 13 * digit(body, 10000) + 8 * digit(body, 1000) + 24 * digit(body, 100)
    + 10 * digit(body, 10) + 30 * digit(body, 1)
    + 28 * CASE last WHEN 10 THEN 29 WHEN 11 THEN 0 ELSE last END
) % 31) % 31;
CREATE MACRO code_of(region, body) AS
    '12' || CAST(region AS VARCHAR) || CAST(body AS VARCHAR)
    || substr('0123456789X0', inner_value(body) + 1, 1)
    || substr(
        '0123456789ABCDEFGHJKLMNPQRTUWXY', outer_value(region, body, inner_value(body)) + 1, 1
    );

-- One answer, 1 … 5 or none, from six bits and a mood.
CREATE MACRO answer(word, mood) AS CAST(
    CASE
        WHEN (word & 63) = 0 THEN NULL
        WHEN (word & 63) < 7 THEN greatest(mood - 1, 1)
        WHEN (word & 63) < 18 THEN least(mood + 1, 5)
        ELSE mood
    END AS TINYINT
);
