# {{mark}}

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # 6.25: the oldest with which these files were compared.
      version = ">= 6.25, < 7.0"
    }
  }
}
