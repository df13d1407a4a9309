// SPDX-License-Identifier: MIT

/// Chooses what a digest of a build shows: lines of the transcript by their scores, and lines of groups it no longer holds.
struct ScenePicker {
    /// What is shown in one piece: neighbours in the order of the log.
    struct Piece {
        enum Content {
            /// A line of the transcript, by its place there.
            case line(Int)
            case evidence(Candidate)
        }

        var content: Content
        var number: Int
        var bits: Double
    }

    /// The order in which lines are taken while there is room.
    private(set) var order: [Piece] = []

    init(_ scores: [Double], _ lines: [Transcript.Line], _ candidates: [Candidate]) {
        for index in lines.indices where scores[index] > -.infinity {
            order.append(Piece(content: .line(index), number: lines[index].number, bits: scores[index]))
        }
        for candidate in candidates {
            order.append(Piece(content: .evidence(candidate), number: candidate.line, bits: candidate.bits))
        }
        order.sort { ($1.bits, $0.number) < ($0.bits, $1.number) }
    }

    /// The chosen pieces as they are to be shown: lines that follow one another stay together, the best such run first.
    static func arranged(_ chosen: [Piece]) -> [Piece] {
        var runs: [(bits: Double, pieces: [Piece])] = []
        for piece in chosen.sorted(by: { $0.number < $1.number }) {
            // A blank line or two between two lines do not part them.
            if let last = runs.last?.pieces.last, piece.number - last.number <= 3 {
                runs[runs.count - 1].pieces.append(piece)
                runs[runs.count - 1].bits = max(runs[runs.count - 1].bits, piece.bits)
            } else {
                runs.append((piece.bits, [piece]))
            }
        }
        return runs.sorted { ($1.bits, $0.pieces[0].number) < ($0.bits, $1.pieces[0].number) }.flatMap(\.pieces)
    }
}
