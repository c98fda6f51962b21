# {{mark}}
#
# Because the region is a setting of `render`. A module with a provider of its own takes no count, for_each or depends_on.

provider "aws" {
  region = "{{region}}"
}
