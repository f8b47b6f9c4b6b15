//! Trigonometry in degrees, exact at 30, 45, 60 and 90 degrees, as PostgreSQL's `float.c` has it.

use std::hint::black_box;
use std::sync::LazyLock;

use crate::Fault;

/// PostgreSQL's `RADIANS_PER_DEGREE`.
pub(crate) const RADIANS: f64 = 0.017_453_292_519_943_295;

/// What the C library gives where the answer is known; answers are brought to it.
struct Known {
    sine_30: f64,
    one_minus_cosine_60: f64,
    arc_sine_half: f64,
    arc_cosine_half: f64,
    arc_tangent_1: f64,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known {
    sine_30: (black_box(30.0) * RADIANS).sin(),
    one_minus_cosine_60: 1.0 - (black_box(60.0) * RADIANS).cos(),
    arc_sine_half: black_box(0.5_f64).asin(),
    arc_cosine_half: black_box(0.5_f64).acos(),
    arc_tangent_1: black_box(1.0_f64).atan(),
});

/// A finite angle in the first quarter, and whether the half and the side it came from turn the sign.
struct Folded {
    angle: f64,
    is_negative: bool,
    is_beyond_half: bool,
    is_left: bool,
}

fn folded(degrees: f64) -> Result<Folded, Fault> {
    if degrees.is_infinite() {
        return Err(Fault::Argument("an angle is infinite"));
    }
    let mut angle = degrees % 360.0;
    let is_negative = angle < 0.0;
    if is_negative {
        angle = -angle;
    }
    let is_beyond_half = angle > 180.0;
    if is_beyond_half {
        angle = 360.0 - angle;
    }
    let is_left = angle > 90.0;
    if is_left {
        angle = 180.0 - angle;
    }
    Ok(Folded {
        angle,
        is_negative,
        is_beyond_half,
        is_left,
    })
}

fn signed(value: f64, is_negative: bool) -> f64 {
    if is_negative { -value } else { value }
}

/// `SIND`.
pub(crate) fn sine(degrees: f64) -> Result<f64, Fault> {
    if degrees.is_nan() {
        return Ok(degrees);
    }
    let at = folded(degrees)?;
    Ok(signed(
        first_sine(at.angle),
        at.is_negative != at.is_beyond_half,
    ))
}

/// `COSD`.
pub(crate) fn cosine(degrees: f64) -> Result<f64, Fault> {
    if degrees.is_nan() {
        return Ok(degrees);
    }
    let at = folded(degrees)?;
    Ok(signed(first_cosine(at.angle), at.is_left))
}

/// `TAND`; infinite at 90 degrees.
pub(crate) fn tangent(degrees: f64) -> Result<f64, Fault> {
    quotient(degrees, first_sine, first_cosine)
}

/// `COTD`; infinite at 0 degrees.
pub(crate) fn cotangent(degrees: f64) -> Result<f64, Fault> {
    quotient(degrees, first_cosine, first_sine)
}

fn quotient(degrees: f64, above: fn(f64) -> f64, below: fn(f64) -> f64) -> Result<f64, Fault> {
    if degrees.is_nan() {
        return Ok(degrees);
    }
    let at = folded(degrees)?;
    let is_negative = at.is_negative != at.is_beyond_half;
    let is_negative = is_negative != at.is_left;
    let at_45 = above(45.0) / below(45.0);
    let value = signed(above(at.angle) / below(at.angle) / at_45, is_negative);
    // Zero has no sign.
    Ok(if value == 0.0 { 0.0 } else { value })
}

/// `ASIND`.
pub(crate) fn arc_sine(value: f64) -> Result<f64, Fault> {
    within(value, |value| {
        signed(first_arc_sine(value.abs()), value < 0.0)
    })
}

/// `ACOSD`.
pub(crate) fn arc_cosine(value: f64) -> Result<f64, Fault> {
    within(value, |value| {
        if value >= 0.0 {
            first_arc_cosine(value)
        } else {
            90.0 + first_arc_sine(-value)
        }
    })
}

/// `ATAND`.
pub(crate) fn arc_tangent(value: f64) -> f64 {
    value.atan() / KNOWN.arc_tangent_1 * 45.0
}

/// `ATAN2D`.
pub(crate) fn arc_tangent_of(above: f64, below: f64) -> f64 {
    above.atan2(below) / KNOWN.arc_tangent_1 * 45.0
}

/// A function of what sines and cosines can be.
pub(crate) fn within(value: f64, compute: impl Fn(f64) -> f64) -> Result<f64, Fault> {
    if value.is_nan() {
        return Ok(value);
    }
    if !(-1.0..=1.0).contains(&value) {
        return Err(Fault::Argument("no sine or cosine is beyond -1 and 1"));
    }
    Ok(compute(value))
}

fn sine_to_30(degrees: f64) -> f64 {
    (degrees * RADIANS).sin() / KNOWN.sine_30 / 2.0
}

fn cosine_to_60(degrees: f64) -> f64 {
    let rest = 1.0 - (degrees * RADIANS).cos();
    1.0 - rest / KNOWN.one_minus_cosine_60 / 2.0
}

fn first_sine(degrees: f64) -> f64 {
    if degrees <= 30.0 {
        sine_to_30(degrees)
    } else {
        cosine_to_60(90.0 - degrees)
    }
}

fn first_cosine(degrees: f64) -> f64 {
    if degrees <= 60.0 {
        cosine_to_60(degrees)
    } else {
        sine_to_30(90.0 - degrees)
    }
}

fn first_arc_sine(value: f64) -> f64 {
    if value <= 0.5 {
        value.asin() / KNOWN.arc_sine_half * 30.0
    } else {
        90.0 - value.acos() / KNOWN.arc_cosine_half * 60.0
    }
}

fn first_arc_cosine(value: f64) -> f64 {
    if value <= 0.5 {
        90.0 - value.asin() / KNOWN.arc_sine_half * 30.0
    } else {
        value.acos() / KNOWN.arc_cosine_half * 60.0
    }
}
