# {{mark}}

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # 6.25: conditions by regular expression in listener rules.
      version = ">= 6.25, < 7.0"
    }
  }
}
