// SPDX-License-Identifier: MIT

/// When something of limited size will be full, if it goes on as it does.
package struct FillForecast: Hashable, Sendable, Encodable {
    /// Seconds from now; the most likely figure.
    package var seconds: Double
    /// The span that holds it with 99 % certainty, as far as the past tells.
    package var earliest: Double
    package var latest: Double
    /// What is added each second.
    package var rate: Double
    /// Seconds over which the growth has been seen.
    package var span: Double

    package init(seconds: Double, earliest: Double, latest: Double, rate: Double, span: Double) {
        self.seconds = seconds
        self.earliest = earliest
        self.latest = latest
        self.rate = rate
        self.span = span
    }

    /// Why there is no figure: that something is not known to fill is no promise that it does not.
    package enum Refusal: String, Hashable, Sendable, CaseIterable {
        /// Too few samples, or over too short a time.
        case tooShort = "too-short"
        case notGrowing = "not-growing"
        /// It grows, but in no way that could be continued.
        case unsteady
        /// It rises and falls in turn and is not above where it usually turns.
        case cyclic
        /// Growth fades, and ends before it is full.
        case slowing
        /// It would take much longer than has been watched.
        case tooFar = "too-far"
    }

    /// Bytes or inodes at one time.
    package struct Point: Hashable, Sendable {
        /// Seconds since 1970.
        package var at: Double
        package var used: Double
        package var size: Double

        package init(at: Double, used: Double, size: Double) {
            self.at = at
            self.used = used
            self.size = size
        }

        var share: Double { size > 0 ? used / size : 0 }
    }
}

/// What the past of a file system says about its future.
package enum FillOutcome: Hashable, Sendable {
    case fills(FillForecast)
    case open(FillForecast.Refusal)

    package var forecast: FillForecast? {
        switch self {
        case .fills(let forecast): forecast
        case .open: nil
        }
    }

    /// Judges points of which the last is now, ascending in time: up to four weeks, an hour apart, and `recent` every look
    /// of the last hours.
    ///
    /// Only what has been added since the last clean-up counts. The longest stretch of steady growth decides, and a
    /// shorter one within it when that clearly goes at another rate. A stretch of less than a day counts only on what is
    /// nearly full already, and only if such a rise never ended by itself before. No figure reaches further than
    /// twice the stretch it rests on. Where clean-ups come again and again, their peaks are what grows or not.
    package init(hourly: [FillForecast.Point], recent: [FillForecast.Point]) {
        self = FillForecaster(hourly: hourly, recent: recent)?.outlook ?? .open(.tooShort)
    }
}
