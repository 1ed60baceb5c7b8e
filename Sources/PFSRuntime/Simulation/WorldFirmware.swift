// Loads that come from files: a world takes them into its catalogue while no phone is at work with
// what they would change.

internal import BasicContainers

extension World {
    /// Takes a load's files as they were read into the catalogue, in the place of what was known.
    ///
    /// Throws `loadInUse` when phones restart or upgrade and a file that they could know would get
    /// another size, and what the catalogue refuses.
    public func installLoad(
        _ name: String,
        files: [ReadFile],
        details: LoadDetails? = nil,
        _ evidence: Evidence
    ) throws(WorldError) -> LoadID {
        let changed = files.filter { file in
            guard let number = filesByName[file.name] else { return false }
            return kernel.files[Int(number.index)].bytes != Int64(file.sizeBytes)
        }
        guard kernel.activeCount == 0 || (changed.isEmpty && !isListedOtherwise(name, files)) else {
            throw .loadInUse(name)
        }
        let load: LoadID
        do {
            load = try catalog.install(name, files: files, details: details, evidence)
        } catch {
            throw .catalog(error)
        }
        for file in changed {
            guard let number = filesByName[file.name] else { continue }
            kernel.files[Int(number.index)].bytes = Int64(file.sizeBytes)
        }
        let isRegistered =
            kernel.loads.count > Int(load.rawValue)
            && !kernel.loads[Int(load.rawValue)].files.isEmpty
        if isRegistered {
            kernel.loads[Int(load.rawValue)].files = []
            registerLoad(load)
        }
        return load
    }

    /// Whether phones know the load by another list of files.
    private func isListedOtherwise(
        _ name: String,
        _ files: [ReadFile]
    ) -> Bool {
        guard let found = try? catalog.find(name), kernel.loads.count > Int(found.id.rawValue)
        else {
            return false
        }
        let known = kernel.loads[Int(found.id.rawValue)].files
        return !known.isEmpty && known.map { fileName($0) } != files.map(\.name)
    }
}
