// SPDX-License-Identifier: MIT
package import Macha
import MachaNotify

package import struct Foundation.TimeZone

/// What became of the fleet in a day or a week, as a document. A mail of it reads the same.
package enum PeriodPage {
    /// Bytes; more than any report has.
    private static let most = 4 << 20

    /// To be read as it is.
    package static func text(_ report: PeriodReport, zone: TimeZone) -> String {
        ReportDrawing(report: PeriodText(report, zone: zone).document).text(limit: most)
    }

    package static func markdown(_ report: PeriodReport, zone: TimeZone) -> String {
        ReportDrawing(report: PeriodText(report, zone: zone).document).markdown(limit: most)
    }

    package static func html(_ report: PeriodReport, zone: TimeZone) -> String {
        ReportDrawing(report: PeriodText(report, zone: zone).document).html(limit: most, link: nil)
    }
}
