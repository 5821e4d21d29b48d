/// "Did you mean": the nearest of the known words.
package enum Spelling {
    /// The candidate with the fewest edits (insert, delete, replace, swap neighbours), if a third
    /// of the word's letters or fewer are wrong.
    ///
    /// Words longer than 64 are nobody's slip.
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        guard (2...64).contains(word.utf8.count) else { return nil }
        let letters = Array(word.lowercased().utf8)
        let ranked = candidates.map { candidate in
            let other = Array(candidate.lowercased().utf8)
            return (candidate, isBeginning(letters, of: other) ? 1 : distance(letters, other))
        }
        guard let best = ranked.min(by: { $0.1 < $1.1 }) else { return nil }
        return best.1 <= max(1, letters.count / 3) ? best.0 : nil
    }

    /// Half a word, or more of it, is as good as one wrong letter.
    private static func isBeginning(_ word: [UInt8], of other: [UInt8]) -> Bool {
        other.starts(with: word) && word.count * 2 >= other.count
    }

    /// Optimal string alignment distance, row by row.
    static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var before: [Int] = []
        var above = Array(0...b.count)
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                let replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                var least = min(replaced, above[j] + 1, row[j - 1] + 1)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    least = min(least, before[j - 2] + 1)
                }
                row.append(least)
            }
            before = above
            above = row
        }
        return above[b.count]
    }
}
