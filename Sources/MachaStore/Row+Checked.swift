// SPDX-License-Identifier: MIT
import struct Foundation.Date
import GRDB

/// Values of a row as what they should be, or an error that says which column is not.
///
/// A subscript of `Row` ends the process over a value of another type, and a file can hold anything: a disk that fails, an
/// editor, a hand that means harm. Everything this target reads goes through here.
extension Row {
    /// The value in `column`; optional types take `NULL`.
    func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(_ column: String) throws -> Value {
        do {
            return try decode(Value.self, forColumn: column)
        } catch {
            throw StoredValueError(column: column)
        }
    }

    /// The time in `column`, within the years 1 to 9999: whatever is computed from it stays in the range of an `Int`.
    func time(_ column: String) throws -> Date {
        guard let time = StoredTime.date(try value(column)) else { throw StoredValueError(column: column) }
        return time
    }

    /// The same of a column that may be `NULL`.
    func time(ifAny column: String) throws -> Date? {
        guard let seconds: Double = try value(column) else { return nil }
        guard let time = StoredTime.date(seconds) else { throw StoredValueError(column: column) }
        return time
    }

    /// Whole seconds since 1970 in `column`, within the same years.
    func seconds(_ column: String) throws -> Int {
        let seconds: Int = try value(column)
        guard StoredTime.range.contains(Double(seconds)) else { throw StoredValueError(column: column) }
        return seconds
    }
}

/// A stored value is not what this program writes there.
struct StoredValueError: Error, CustomStringConvertible {
    var column: String

    var description: String { "what is stored as “\(column)” was not written by macha" }
}

extension Store {
    /// What `read` makes of one row; `nil` when what is stored there was not written by this program. Such a row is unknown, and
    /// hides no other: whoever names it gets the error.
    static func ifReadable<Value>(_ read: () throws -> Value) throws -> Value? {
        do {
            return try read()
        } catch is StoredValueError {
            return nil
        } catch is DecodingError {
            return nil
        }
    }
}

/// Which times are taken from what is stored.
enum StoredTime {
    /// Seconds since 1970 from the year 1 to the end of 9999, which is what calendars and RFC 3339 can say.
    static let range = -62_135_596_800.0...253_402_300_799.0

    static func date(_ seconds: Double) -> Date? {
        range.contains(seconds) ? Date(timeIntervalSince1970: seconds) : nil
    }
}
