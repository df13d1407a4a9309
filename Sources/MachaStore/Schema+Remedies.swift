// SPDX-License-Identifier: MIT

extension Schema {
    /// What helps as a sentence (`remedy`) with its commands apart, and exact values beside evidence in people's units. What an
    /// earlier version recorded keeps its commands within the sentence.
    static let remedies = """
        ALTER TABLE finding ADD COLUMN commands TEXT NOT NULL DEFAULT '[]' CHECK (json_type(commands) = 'array');
        ALTER TABLE finding ADD COLUMN figures TEXT NOT NULL DEFAULT '{}' CHECK (json_type(figures) = 'object');
        ALTER TABLE sighting ADD COLUMN commands TEXT NOT NULL DEFAULT '[]' CHECK (json_type(commands) = 'array');
        ALTER TABLE sighting ADD COLUMN figures TEXT NOT NULL DEFAULT '{}' CHECK (json_type(figures) = 'object');
        """
}
