// SPDX-License-Identifier: MIT

/// Every probe, in the order the script runs them.
package enum ProbeCatalog {
    package static let all: [any Probe.Type] = []
}
