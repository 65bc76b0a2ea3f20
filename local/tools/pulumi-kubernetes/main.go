// The Kubernetes provider's own main package embeds two files that its release process generates and that the
// module does not hold. This one embeds the schema, which the build lays over this folder from the module.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

//go:embed schema.json
var schema []byte

// Set by the linker to the version of the plugin folder, so that the engine sees one version throughout.
var version = "v0.0.0"

func main() {
	provider.Serve("kubernetes", version, schema, []byte("{}"))
}
