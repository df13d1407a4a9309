// SPDX-License-Identifier: MIT

extension Schema {
    /// Why an endpoint was set aside, as a word: one that loads its model is waited for, one that is down is not.
    static let endpointCodes = "ALTER TABLE endpoint ADD COLUMN code TEXT;"
}
