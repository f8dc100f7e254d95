-- CreateTable
CREATE TABLE "Thing5" (
    "id" BIGSERIAL NOT NULL,
    "a" UUID,

    CONSTRAINT "Thing5_pkey" PRIMARY KEY ("id")
);
